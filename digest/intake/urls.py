"""Addresses of the intake: the readers' form, and what other programs call."""

from django.urls import path

from digest.intake import api, views

urlpatterns = [
    path("tips/", views.recommend, name="tips"),
    path("tips/thanks/", views.thanks, name="tip_thanks"),
    path("api/v1/links", api.links, name="api_links"),
    path("api/v1/pages", api.pages, name="api_pages"),
    path("api/v1/articles/<int:number>", api.article, name="api_article"),
]
