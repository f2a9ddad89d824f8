"""The addresses of the trainings."""

from django.urls import path

from digest.events import views

urlpatterns = [
    path("events/", views.events, name="events"),
    path("events/<int:pk>/", views.event, name="event"),
    path("events/<int:pk>/thanks/", views.event_thanks, name="event_thanks"),
    path("events/<int:pk>/event.ics", views.event_ics, name="event_ics"),
    path("events/<int:pk>/qr.svg", views.event_qr, name="event_qr"),
    path("tours/<slug:slug>/", views.tour, name="tour"),
    path("tours/<slug:slug>/calendar.ics", views.tour_ics, name="tour_ics"),
    path("tours/<slug:slug>/offer/thanks/", views.offer_thanks, name="offer_thanks"),
    path("tours/<slug:slug>/offer/<slug:kind>/", views.offer, name="offer"),
    path("signups/<slug:token>/", views.signup, name="signup"),
    path("signups/<slug:token>/confirm/", views.signup_confirm, name="signup_confirm"),
    path("signups/<slug:token>/cancel/", views.signup_cancel, name="signup_cancel"),
    path("signups/<slug:token>/join/", views.signup_join, name="signup_join"),
]
