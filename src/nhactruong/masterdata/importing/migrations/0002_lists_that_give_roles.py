from django.db import migrations, models

#: Lists on their way were checked without the question: the stricter answer holds for them.
_ON_THEIR_WAY = (
    "UPDATE importing_listimport SET gives_roles = true"
    " WHERE list_code = 'people' AND state IN ('checking', 'proposed')"
)


class Migration(migrations.Migration):
    dependencies = [
        ("importing", "0001_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="listimport",
            name="gives_roles",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(_ON_THEIR_WAY, migrations.RunSQL.noop),
    ]
