"""The reader's page of the intake: recommending an article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from digest.intake import limits
from digest.intake.forms import TipForm
from digest.intake.tips import recommend as keep


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: HttpRequest) -> HttpResponse:
    """The same thanks for a link that is new, known, taken or declined, and for a robot."""
    form = TipForm(request.POST or None)
    if request.method == "POST" and form.is_from_a_robot:
        return redirect("tip_thanks")
    if request.method != "POST" or not form.is_valid():
        return render(request, "intake/recommend.html", {"form": form})
    if form.is_hasty:
        form = form.again(gettext("请确认链接无误，再按一次“推荐”。"))
        return render(request, "intake/recommend.html", {"form": form})
    if not limits.may_recommend(request):
        return render(request, "intake/too_many.html", status=429)
    keep(form.link, form.cleaned_data["note"], form.cleaned_data["name"])
    return redirect("tip_thanks")


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/thanks.html")
