"""Settings, all from the environment (`.env` is read too; `.env.example` explains each variable)."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from crm import environment

BASE_DIR = Path(__file__).resolve().parent.parent
environment.read_file(BASE_DIR)

DEMO = environment.yes_or_no("HINDSIGHT_DEMO", default=False)
DEBUG = environment.yes_or_no("DEBUG", default=False)
# Behind https unless somebody says otherwise; only a laptop may.
HTTPS = environment.yes_or_no("HTTPS", default=not (DEBUG or DEMO))

if DEMO:
    SECRET_KEY = environment.demo_secret(BASE_DIR / ".demo-secret")
    ALLOWED_HOSTS = environment.several("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
else:
    SECRET_KEY = environment.secret_key(may_be_weak=DEBUG)
    environment.required(
        "ALLOWED_HOSTS",
        "ALLOWED_HOSTS is not set: name the hosts that people type, for example crm.example.com.",
    )
    ALLOWED_HOSTS = environment.several("ALLOWED_HOSTS")

CSRF_TRUSTED_ORIGINS = environment.several("CSRF_TRUSTED_ORIGINS")

# --- the product --------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "lifecycle.apps.LifecycleConfig",
    "leads.apps.LeadsConfig",
]

# Headers first: what refuses a request further in, or answers it with a file, does so through them.
MIDDLEWARE = [
    "crm.headers.OnEveryAnswer",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.middleware.KeptNowhere",
    "crm.middleware.KnownMethods",
    "crm.middleware.RefuseUnreadable",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crm.step_up.ProofOfIdentity",
    "crm.middleware.LoginRequired",
    "crm.second_factor.SecondFactorRequired",
    "crm.middleware.ViewerLanguage",
    "crm.middleware.ViewerTimeZone",
    "crm.middleware.BusyDatabase",
    "crm.damaged.DamagedRows",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
CSRF_FAILURE_VIEW = "crm.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "crm.script_words.words_for_scripts",
            ],
        },
    },
]

# The same HTML as Django's templates of fields, in a fraction of the time.
FORM_RENDERER = "crm.field_html.FieldHtml"

# --- database -----------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": environment.database(BASE_DIR, "demo.sqlite3" if DEMO else "hindsight.sqlite3"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts tries at the login, among other things: all processes and servers of the office must see the same count.
CACHES = {"default": {"BACKEND": "crm.shared_cache.SharedCache"}}

# --- the proof ----------------------------------------------------------------------------------------------

# Signs checkpoints of the log (`manage.py checkpoint`); without it there are none. Not SECRET_KEY: whoever has that one
# must not be able to sign a past.
_DEMO_KEY = str(BASE_DIR / ".demo-checkpoint-key") if DEMO else ""
CHECKPOINT_KEY_FILE = environment.text("CHECKPOINT_KEY_FILE") or _DEMO_KEY

# --- people -------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "leads.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Long, unlike the person's own data, and not among those that everybody tries. What it is made of is theirs to choose.
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "crm.passwords.NotEverybodys"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "crm.accounts.OfficeAccounts"
ACCOUNT_FORMS = {
    "login": "crm.login.OfficeLogin",
    "reauthenticate": "crm.login.PasswordAgain",
    "change_password": "crm.login.AnotherPassword",
    "set_password": "crm.login.FirstPassword",
    "reset_password": "crm.login.ForgottenPassword",
    "reset_password_from_key": "crm.login.PasswordByLetter",
}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Nobody can sign up, so a stranger who asks for a reset gets no letter inviting them to.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# django-allauth's own keeps a list of addresses, and would begin it for whoever shows up with a key of any kind.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Beside the library's own limits: each question for a passkey begins a session, and a stranger may ask.
ACCOUNT_RATE_LIMITS: Any = {"passkey_question": "60/m/ip"}
# A letter tells of each change to a password or a second step; whoever did not make it learns of it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# So long a proof of identity opens what asks for one: roles, erasure, exports.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300

# Whose password alone is not enough. In an office of flesh and blood those who see every lead, for a stolen password
# is how strangers come in; a demo has nothing to lose.
SECOND_FACTOR_FOR = environment.roles("SECOND_FACTOR_FOR", default="" if DEBUG or DEMO else "broker,admin")
MFA_ADAPTER = "crm.second_factor.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Addresses are given by an admin; nobody signs up with somebody else's.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A code counts for half a minute before and after its own: phones run late, and so do fingers.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Hindsight"
MFA_FORMS = {
    "authenticate": "crm.second_factor_forms.CodeAtLogin",
    "reauthenticate": "crm.second_factor_forms.CodeAgain",
    "activate_totp": "crm.second_factor_forms.FirstCode",
    "add_webauthn": "crm.second_factor_forms.NewPasskey",
    "edit_webauthn": "crm.second_factor_forms.NamedPasskey",
    "authenticate_webauthn": "crm.second_factor_forms.PasskeyAtLogin",
    "reauthenticate_webauthn": "crm.second_factor_forms.PasskeyAgain",
    "login_webauthn": "crm.second_factor_forms.PasskeyInsteadOfPassword",
}

# --- what a browser may do ----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY: dict[str, dict[str, list[Any]]] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        # Behind https nothing is asked for without it, whatever an address says.
        **({"upgrade-insecure-requests": [True]} if HTTPS else {}),
    },
}
X_FRAME_OPTIONS = "DENY"
# In a cookie a toast, with somebody's name in it, would outlive the logout.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REFERRER_POLICY = "same-origin"
# A browser takes a cookie of this prefix from this very host alone, over https, for all paths: no neighbour sets it.
_COOKIE = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE}hindsight_session"
CSRF_COOKIE_NAME = f"{_COOKIE}hindsight_csrf"
CSRF_COOKIE_HTTPONLY = True

SECURE_SSL_REDIRECT = HTTPS
# The readiness question comes from inside, often without https.
SECURE_REDIRECT_EXEMPT = [r"^ready/$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = environment.whole_number("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Preloading binds a whole domain for years; that is its owner's decision, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# How many reverse proxies of ours stand in front. Their headers can be forged where there is none.
PROXIES = environment.whole_number("PROXIES", default=0)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# --- time, words, files -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = f"{_COOKIE}hindsight_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# What people see is in their own zone or the office's; both live in the database.
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# In demo and with DEBUG the files are served from where they lie, so that nothing has to be collected first.
WHITENOISE_USE_FINDERS = DEBUG or DEMO
STATIC_ROOT = None if WHITENOISE_USE_FINDERS else environment.text("STATIC_ROOT") or str(BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
    # Uploaded exports are personal data: outside of all that is served, readable by the product alone. Several
    # servers need a folder that they share.
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": environment.text("IMPORT_FILES") or str(BASE_DIR / "imported-files"),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
IMPORT_MOST_MEGABYTES = environment.whole_number("IMPORT_MOST_MEGABYTES", default=100, least=1)

# A file may have 2,000 columns, and its form asks what each of them means.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_500

# --- work in the background ---------------------------------------------------------------------------------

# Done by `manage.py db_worker`, in the same database: nothing else has to be installed or kept alive.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- live boards --------------------------------------------------------------------------------------------

# How many boards a server process keeps connected to tell them that something has come; each holds a thread, so the
# server's configuration (deploy/gunicorn.conf.py) sets it together with the threads. The others ask now and then.
LIVE_HINTS = environment.whole_number("LIVE_HINTS", default=0)

# --- letters and logs ---------------------------------------------------------------------------------------

_EMAIL = environment.email("consolemail://" if DEBUG or DEMO else "smtp://localhost:25")
globals().update(_EMAIL)
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL") or "Hindsight <hindsight@localhost>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOG_LEVEL = environment.log_level()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "crm.logs.WithoutRows", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # One way out only, and never by mail: a report with a request in it is personal data on its way.
        "django": {"handlers": [], "propagate": True},
        # At DEBUG this one writes every statement with its values, that is names and phone numbers.
        "django.db.backends": {"level": "INFO"},
    },
}
