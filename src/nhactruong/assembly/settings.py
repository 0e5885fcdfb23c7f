"""Django settings; everything that differs between installations comes from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url

from nhactruong.assembly import environment, sign_in

ENVIRONMENT = environment.choice("NHACTRUONG_ENV", environment.ENVIRONMENTS, "sample")
STATE_FOLDER = environment.state_folder()
VENDOR_FOLDER = environment.PROJECT_ROOT / "vendor"
SECRECY_MODE = environment.choice("SECRECY_MODE", environment.SECRECY_MODES, "register_only")

DEBUG = False
USE_TZ = True
#: When the office works on a working day; norms in hours are counted in it.
OFFICE_HOURS = os.environ.get("NHACTRUONG_OFFICE_HOURS") or "07:30-11:30,13:30-17:30"
TIME_ZONE = "Asia/Ho_Chi_Minh"
LANGUAGE_CODE = "vi"
USE_I18N = True
DATE_FORMAT = "d/m/Y"
ROOT_URLCONF = "nhactruong.assembly.urls"
WSGI_APPLICATION = "nhactruong.assembly.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True


def _secret_key() -> str:
    given = os.environ.get("NHACTRUONG_SECRET_KEY")
    if given:
        return given
    kept = Path(STATE_FOLDER) / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return kept.read_text(encoding="ascii").strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = (
    os.environ.get("NHACTRUONG_HOSTS") or "localhost,127.0.0.1,[::1],testserver"
).split(",")
CSRF_TRUSTED_ORIGINS = [
    origin for origin in (os.environ.get("NHACTRUONG_ORIGINS") or "").split(",") if origin
]
_IS_TLS = bool(CSRF_TRUSTED_ORIGINS) and all(
    origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "nhactruong.foundation.persistence",
    "nhactruong.foundation.ui",
    "nhactruong.foundation.web",
    "nhactruong.foundation.jobs",
    "nhactruong.foundation.mail",
    "nhactruong.foundation.audit",
    "nhactruong.foundation.search",
    "nhactruong.foundation.access",
    "nhactruong.foundation.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "nhactruong.foundation.files",
    "nhactruong.foundation.thread",
    "nhactruong.foundation.workitems",
    "nhactruong.foundation.notices",
    "nhactruong.masterdata.workdays",
    "nhactruong.masterdata.vocabularies",
    "nhactruong.masterdata.organization",
    "nhactruong.masterdata.codelists.apps.CodeListsConfig",
    "nhactruong.masterdata.devices",
    "nhactruong.masterdata.reorganization",
    "nhactruong.masterdata.importing",
    "nhactruong.masterdata.changes",
    "nhactruong.masterdata.delegations",
    "nhactruong.masterdata.procedures.apps.ProceduresConfig",
    "nhactruong.masterdata.catalogue",
    "nhactruong.records.numbering",
    "nhactruong.records.documents",
    "nhactruong.records.dossiers",
    "nhactruong.records.signing",
    "nhactruong.records.extraction",
    "nhactruong.records.releases",
    "nhactruong.records.drafting",
    "nhactruong.records.distribution",
    "nhactruong.records.outgoing",
    "nhactruong.records.incoming",
    "nhactruong.oversight.inspection",
    "nhactruong.oversight.handover",
    "nhactruong.gateways.http_api",
    "nhactruong.assembly.apps.AssemblyConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nhactruong.foundation.web.limits.BodyLimitMiddleware",
    "nhactruong.foundation.web.csp.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nhactruong.assembly.first_run.gate.FirstRunMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nhactruong.assembly.middleware.ActorMiddleware",
    "nhactruong.gateways.http_api.authentication.BearerMiddleware",
    "nhactruong.assembly.recording.RecordMiddleware",
    "nhactruong.foundation.web.operations.OperationMiddleware",
    "nhactruong.assembly.once_only.OnceOnlyMiddleware",
    "nhactruong.foundation.web.errors.DomainErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "nhactruong.assembly.navigation.shell",
            ],
            "builtins": ["nhactruong.foundation.ui.templatetags.ui"],
        },
    }
]

_DATABASE_URL = os.environ.get("DATABASE_URL") or "postgres:///nhactruong"
DATABASES = {
    "default": {
        **dj_database_url.parse(_DATABASE_URL, conn_max_age=600, conn_health_checks=True),
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise environment.BadSetting("DATABASE_URL", "…", "chỉ dùng PostgreSQL")

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if ENVIRONMENT == "test":
    # Tests make hundreds of accounts; the strength of the hash is not what they test.
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "nhactruong.foundation.accounts.passwords.GuessableValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
STEP_UP_URL = "accounts:confirm"

#: `forced`: administrators, signers and sealers set up a second factor before anything else.
#: Source: security.md 1.2, 6 V6.
SECOND_FACTOR = sign_in.second_factor(ENVIRONMENT)
#: How long a confirmation by the second factor holds for further acts of the same session; signing
#: always asks. A code counts once, so that number and seal would otherwise wait for the next one.
STEP_UP_MINUTES = environment.not_negative("NHACTRUONG_STEP_UP_MINUTES", 5)
ACCOUNT_ADAPTER = "nhactruong.foundation.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "nhactruong.foundation.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_TOTP_ISSUER = "Nhạc Trưởng"
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "nhactruong.foundation.accounts.adapters.OutsideAdapter"
SOCIALACCOUNT_PROVIDERS = sign_in.outside_provider()
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False

EMAIL_BACKEND, _MAIL_SETTINGS = sign_in.mail_settings()
EMAIL_FILE_PATH = STATE_FOLDER / "mail"
EMAIL_HOST = _MAIL_SETTINGS.host
EMAIL_PORT = _MAIL_SETTINGS.port
EMAIL_HOST_USER = _MAIL_SETTINGS.user
EMAIL_HOST_PASSWORD = _MAIL_SETTINGS.password
EMAIL_USE_TLS = _MAIL_SETTINGS.starts_tls
EMAIL_USE_SSL = _MAIL_SETTINGS.is_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("NHACTRUONG_MAIL_FROM") or "Nhạc Trưởng <nhactruong@localhost>"

#: From sign-in, whatever the person does. Source: security.md 6 V7 (absolute 12 h).
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = _IS_TLS
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = _IS_TLS
CSRF_FAILURE_VIEW = "nhactruong.foundation.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: Idle minutes after which a session ends. Source: security.md 1.2 (suggested), 6 V7.
SESSION_IDLE_MINUTES = environment.positive(
    "NHACTRUONG_IDLE_MINUTES", 15 if ENVIRONMENT == "production" else 240
)
#: The same for administrators. Source: security.md 1.2 (admin 5 min).
ADMIN_IDLE_MINUTES = environment.positive(
    "NHACTRUONG_ADMIN_IDLE_MINUTES", 5 if ENVIRONMENT == "production" else 240
)

#: Requests a minute of one key, or of one account on the pages, to the HTTP interface.
API_REQUESTS_PER_MINUTE = environment.positive("NHACTRUONG_API_PER_MINUTE", 300)

STATIC_URL = "/static/"
STATIC_ROOT = STATE_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "nhactruong.assembly.statics.HashedStorage"
        if ENVIRONMENT != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

FILE_STORE = STATE_FOLDER / "files"
#: `s3://bucket/prefix`, or "" for the folder above, which then holds unfinished uploads only.
FILE_LOCATION = os.environ.get("NHACTRUONG_FILES") or ""
PKI_FOLDER = STATE_FOLDER / "pki"
TRUST_FOLDER = STATE_FOLDER / "trust"
#: Where signed roots of the record lie, best on another machine's disk; and the key that signs.
AUDIT_SHELF = Path(os.environ.get("NHACTRUONG_AUDIT_SHELF") or STATE_FOLDER / "audit" / "shelf")
AUDIT_KEY = Path(os.environ.get("NHACTRUONG_AUDIT_KEY") or STATE_FOLDER / "audit" / "root-key.pem")
MAX_FILE_BYTES = environment.positive("NHACTRUONG_MAX_FILE_MB", 200) * 1_048_576
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
#: Named outright: left to itself Python goes elsewhere when the disk of this folder is full.
FILE_UPLOAD_TEMP_DIR = os.environ.get("TMPDIR")
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1_048_576

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None

PRODUCT_VERSION = "0.1.0"
SOURCE_URL = os.environ.get("NHACTRUONG_SOURCE_URL") or "/ma-nguon/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "nhactruong": {"level": "INFO"},
        "django.server": {"level": "WARNING"},
        "pyhanko": {"level": "CRITICAL"},
    },
}
