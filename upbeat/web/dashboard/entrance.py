"""The door: the owner's account on the first visit, signing in, signing out."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, password_validation
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

import upbeat
from upbeat import clock
from upbeat.artists.models import Installation, Member, Person, Team
from upbeat.core.zones import is_zone, zones_by_region
from upbeat.web.dashboard import tries

TOO_MANY = "Too many wrong tries. Wait a quarter of an hour, then try again."
WRONG = "E-mail and password do not belong together. Look at both, then try again."


def home(request: HttpRequest) -> HttpResponse:
    """The bare address: the first visit creates the owner, later ones lead to the desk."""
    return redirect("releases" if Person.objects.exists() else "first_run")


class FirstRunForm(forms.Form):
    """The owner: there is no default account and no default password."""

    name = forms.CharField(max_length=120, error_messages={"required": "Write your name."})
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Write your e-mail address.",
            "invalid": "This is not an e-mail address. It looks like name@example.org.",
        },
    )
    password = forms.CharField(
        max_length=1000,
        strip=False,
        error_messages={"required": "Choose a password of 12 characters or more."},
    )
    zone = forms.CharField(max_length=64, error_messages={"required": "Choose your time zone."})

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if len(password) < 12:
            wrong = f"This password has {len(password)} characters. Use 12 or more; a sentence is good."
            raise forms.ValidationError(wrong)
        try:
            password_validation.validate_password(password)
        except forms.ValidationError:
            raise forms.ValidationError(
                "This password is on the list of common ones. Use a sentence nobody else would say."
            ) from None
        return password

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if not is_zone(zone):
            raise forms.ValidationError("We do not know this time zone. Choose one from the list.")
        return zone


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Create the owner's account. Open until there is one, and never again."""
    if Person.objects.exists():
        raise Http404
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        owner = _create_owner(form.cleaned_data)
        login(request, owner, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("releases")
    facts = {
        "Address": settings.PUBLIC_URL.split("://", 1)[-1],
        "Data": "SQLite, one file, on this machine" if settings.EMBEDDED else "PostgreSQL",
        "Clock": f"{clock.now():%H:%M:%S} UTC",
        "Version": upbeat.__version__,
    }
    status = 422 if form.is_bound else 200
    context = {"form": form, "zones": zones_by_region(), "facts": facts}
    return render(request, "dashboard/first_run.html", context, status=status)


def _create_owner(answers: dict[str, Any]) -> Person:
    """Owner and team, once: of two who send the form at the same time, one finds the door closed."""
    Installation.the_one()
    with transaction.atomic():
        list(Installation.objects.select_for_update().filter(pk=1))
        if Person.objects.exists():
            raise Http404
        owner = Person.objects.register(**answers)
        owner.joined_at = clock.now()
        owner.save(update_fields=["joined_at"])
        team = Team.objects.create(name=owner.name)
        Member.objects.create(team=team, person=owner, role=Member.OWNER)
        return owner


class SignInForm(forms.Form):
    """The same answer for an address we know and one we do not."""

    username = forms.CharField(max_length=254, required=False)
    password = forms.CharField(max_length=1000, required=False, strip=False)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request
        self._person: Person | None = None

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username", ""), self.cleaned_data.get("password", "")
        address = str(self._request.META.get("REMOTE_ADDR", ""))
        if not tries.may_try(email, address):
            raise forms.ValidationError(TOO_MANY, code="too_many")
        person = authenticate(self._request, username=email, password=password)
        if not isinstance(person, Person):
            tries.wrong(email, address)
            raise forms.ValidationError(WRONG, code="wrong")
        tries.right(email)
        self._person = person
        return self.cleaned_data

    def get_user(self) -> Person | None:
        return self._person


class SignIn(LoginView):
    """Sign in; the session gets a new id."""

    template_name = "dashboard/sign_in.html"
    authentication_form = SignInForm  # type: ignore[assignment]  # our own form has what the view uses
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not Person.objects.exists():
            return redirect("first_run")
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 429 if form.has_error("__all__", "too_many") else 422
        return response
