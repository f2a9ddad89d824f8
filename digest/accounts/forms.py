"""The two forms of the desk that check a password, with a limit on wrong ones."""

import math
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.utils.translation import ngettext

from digest.accounts.attempts import Attempt, Change
from digest.accounts.browser import mark_of
from digest.network import client, network

NAME_LENGTH = User._meta.get_field("username").max_length or 150  # a longer one is nobody's


class Locked(forms.ValidationError):
    def __init__(self, wait: timedelta) -> None:
        minutes = math.ceil(wait / timedelta(minutes=1))
        words = (
            ngettext("密码错误次数过多，请 %d 分钟后再试。", "密码错误次数过多，请 %d 分钟后再试。", minutes) % minutes
        )
        super().__init__(words, code="locked")
        self.wait = wait


class LoginForm(AdminAuthenticationForm):
    wait = timedelta()  # until this user may try again from here

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        if self.request is None or name is None or not self.cleaned_data.get("password"):
            return super().clean()
        name = name[:NAME_LENGTH]
        attempt = Attempt(name, client(self.request), network(self.request), mark_of(self.request, name))
        self.wait = attempt.begin()
        if self.wait:
            raise Locked(self.wait)
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            attempt.failed()
            raise
        attempt.succeeded()
        return cleaned


class PasswordChangeForm(AdminPasswordChangeForm):
    def clean_old_password(self) -> str:
        change = Change(self.user.pk)
        if wait := change.begin():
            raise Locked(wait)
        old: str = super().clean_old_password()
        change.succeeded()
        return old
