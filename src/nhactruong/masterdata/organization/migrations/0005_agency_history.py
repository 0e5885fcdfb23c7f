"""Identifiers with their periods, those given so far taken over; sight that passes to successors."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0004_delegation"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgencyIdentifier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        choices=[("new", "Mã định danh"), ("old", "Mã dạng cũ")], max_length=3
                    ),
                ),
                ("value", models.CharField(max_length=35)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identifiers",
                        to="organization.agency",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("agency", "="), ("scheme", "="), ("valid", "&&")],
                        name="one_identifier_at_a_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("value", "="), ("valid", "&&")],
                        name="identifier_of_one_agency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InheritedSight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.IntegerField()),
                ("since", models.DateField()),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inherited",
                        to="organization.post",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("post", "token"), name="inherited_once")
                ],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO organization_agencyidentifier (agency_id, scheme, value, valid)"
            " SELECT id, 'new', identifier, daterange(valid_from, valid_to) FROM organization_agency",
            migrations.RunSQL.noop,
        ),
    ]
