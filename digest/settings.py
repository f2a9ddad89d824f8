"""Every setting, read from the environment; `setting_table.py` says what each may be."""

import os
import sys
from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from digest import embedded, production
from digest.environment import BASE_DIR, Environment

django_stubs_ext.monkeypatch()  # lets generic classes such as ModelAdmin[Article] be written at run time

env = Environment()

# --- which mode -----------------------------------------------------------------------------------------------------
MODE = env.str("JIANBAO_MODE", default="local")  # local | production
PRODUCTION = MODE == "production"
if env.wrong and not PRODUCTION:  # production ends below, with all that is unsafe too
    sys.exit("\n".join(f"jianbao: {line}" for line in env.wrong.values()))
TESTING = env.bool("JIANBAO_TESTING", default=False)
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = embedded.VAR_DIR
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="AI 简报")
PUBLISHER = env.str("PUBLISHER", default="嵌入式 AI")
SECRET_KEY = env.str("SECRET_KEY", default="") or (production.local_secret_key(VAR_DIR) if not PRODUCTION else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# --- the rooms ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "news",
    "digest.briefings",
    "digest.outgoing",
    "digest.mailing",
    "digest.events",
    "digest.intake",
    "digest.accounts",
    "digest.demo",
    "digest.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
]
MIDDLEWARE = [
    "digest.headers.permissions_policy",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "digest.urls"
WSGI_APPLICATION = "digest.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "digest.briefings.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- where things are kept ------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
DATABASES = {"default": env.db_url_config(DATABASE_URL) if DATABASE_URL else embedded.database()}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if TESTING:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{os.getpid()}"}  # two runs side by side do not meet
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BROKER_URL = REDIS_URL or embedded.broker()

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "digest" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
USE_I18N = USE_TZ = True

# --- static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "media"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- who may do what ------------------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"session{PORT}", f"csrf{PORT}"  # two sites side by side on one host
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if env.bool("BEHIND_PROXY", default=False) else 0)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

# --- the wire -------------------------------------------------------------------------------------------------------
CRAWL_PROXY = env.str("CRAWL_PROXY", default="")
CRAWL_CA_BUNDLE = env.str("CRAWL_CA_BUNDLE", default="")
CRAWL_USER_AGENT = env.str("CRAWL_USER_AGENT", default=f"Jianbao/0.1 (+{SITE_URL})")
CRAWL_MAX_BYTES = env.int("CRAWL_MAX_BYTES", default=5 * 2**20)
CRAWL_TIMEOUT = env.float("CRAWL_TIMEOUT", default=20.0)  # seconds a fetch, all in
CRAWL_PACE = env.float("CRAWL_PACE", default=5.0)  # seconds between two requests to one host
CRAWL_ROBOTS = env.str("CRAWL_ROBOTS", default="sources")  # whose visits hear robots.txt: sources, all or off
MODELS_DIR = Path(env.str("MODELS_DIR", default=str(embedded.SHARED_VAR_DIR / "models")))
EMBED_MODEL = env.str("EMBED_MODEL", default="bundled")
EMBED_DEVICE = env.str("EMBED_DEVICE", default="auto")
EMBED_QUANTISED = env.bool("EMBED_QUANTISED", default=True)
SUMMARISER = env.str("SUMMARISER", default="extractive")
LEASE_SECONDS = env.int("LEASE_SECONDS", default=300)
MIN_FREE_MB = env.int("MIN_FREE_MB", default=200)  # MiB on the disk of VAR_DIR: with less nothing is crawled or mailed

# --- mail -----------------------------------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default="")
OUTBOX_DIR = VAR_DIR / "outbox"
MAIL_RECORD = VAR_DIR / "mail-record.json"  # digest/outgoing/record.py
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "digest.mail.OutboxBackend"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="AI 简报 <briefing@localhost>")
NEWSLETTER_FROM_EMAIL = env.str("NEWSLETTER_FROM_EMAIL", default=DEFAULT_FROM_EMAIL)
EDITORS_EMAIL = env.list("EDITORS_EMAIL", default=[])

# --- the queue ------------------------------------------------------------------------------------------------------
# A message is only a doorbell: all work lives in PostgreSQL, and the sweeper rings again (docs/architecture.md).
CELERY_BROKER_URL = (
    BROKER_URL if BROKER_URL.startswith("redis") else f"redis+socket://{BROKER_URL.removeprefix('unix://')}"
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # KiB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # e.g. a broker that cannot save and refuses to write
CELERY_WORKER_CONSUMER = "digest.broker:SteadyConsumer"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "health_check_interval": 10,
    "socket_timeout": 10,
}
CELERY_TIMEZONE = TIME_ZONE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%H:%M:%S"}},
    "filters": {"outages": {"()": "news.outages.OneLineAnOutage"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["outages"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "sentence_transformers": {"level": "WARNING"},
    },
}

if PRODUCTION and (problems := production.problems(dict(globals()), os.environ, BASE_DIR)):
    sys.exit("\n".join(problems))
