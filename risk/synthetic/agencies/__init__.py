"""The agencies: five extracts of one district, each in the manner of its own house.

| agency      | one row                       | own ids                  | names               | sex         |
|-------------|-------------------------------|--------------------------|---------------------|-------------|
| births      | a child                       | record_id, nhs_number    | As Spoken           | M F U       |
| schools     | a child and its setting       | pupil_record, upn        | As Spoken           | Male Female |
| housing     | a child and claim or tenancy  | record_no, person_ref    | CAPITALS            | M F         |
| social_care | a child and referral          | episode_id, person_id    | As Spoken           | 1 2 9       |
| police      | a child and incident          | incident_row, nominal_id | CAPITALS NO ACCENTS | M F U       |

| agency      | file                       | dates               | postcode | UPRN                      |
|-------------|----------------------------|---------------------|----------|---------------------------|
| births      | births_health_visiting.csv | 31/12/2020          | ZZ1 1AA  | 999000000001              |
| schools     | early_years_schools.csv    | 2020-12-31          | ZZ11AA   | 999000000001.0            |
| housing     | housing_benefits.csv       | 31-Dec-2020         | zz1 1aa  | 999000000001              |
| social_care | social_care.csv            | 2020-12-31T00:00:00 | ZZ1 1AA  | 999000000001              |
| police      | police.csv                 | 20201231            | ZZ1 1AA  | blank for more than half  |

Quirks: births call a child not yet named *Baby* and know it at the address of its last contact; schools name the
parent in one field, write UPRNs as a sheet of numbers does, and keep a second row for a child that changed setting;
housing holds only tenants and claimants, siblings under one claim, in capitals; social care holds some children many
times; what the police tell is enforcement, which no recipe reads without permission. Schools hold what is known only
after the outcome too (phonics in Year 1, support that began later): a feature made of those would be a leak, and the
contracts say on which date each field is known.
"""
