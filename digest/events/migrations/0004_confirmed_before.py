from django.db import migrations


class Migration(migrations.Migration):
    """Who signed up before sign-ups were confirmed keeps the seat."""

    dependencies = [("events", "0003_confirm_signups")]

    operations = [
        migrations.RunSQL(
            "UPDATE events_signup SET confirmed_at = created_at WHERE confirmed_at IS NULL", migrations.RunSQL.noop
        ),
    ]
