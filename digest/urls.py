"""Which address leads to which room."""

from django.contrib import admin
from django.urls import include, path

from digest.pictures import picture

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("pictures/<str:token>", picture, name="picture"),
    path("", include("digest.briefings.urls")),
    path("", include("digest.mailing.urls")),
    path("", include("digest.events.urls")),
    path("", include("digest.intake.urls")),
]

handler500 = "digest.trouble.server_error"
