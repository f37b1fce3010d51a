"""Aurora and RDS.

Source: Amazon Aurora User Guide.
"""

ACU = (0, 256)
"""The capacity of Aurora Serverless v2, in Aurora capacity units (Aurora User Guide, Performance
and scaling for Aurora Serverless v2)."""

ACU_STEP = 0.5

BACKUP_DAYS = (1, 35)
"""How long backups of a cluster are kept (RDS API reference, CreateDBCluster)."""

INSIGHTS_DAYS = (7, 731)
"""Retention of Performance Insights; between them multiples of 31 (RDS API reference,
CreateDBInstance)."""

INSIGHTS_MONTH_DAYS = 31

RESERVED_USERS = ("admin", "rdsadmin", "rdsproxyadmin")
"""Master user names that Aurora PostgreSQL refuses (Aurora User Guide, CreateDBCluster,
MasterUsername is a reserved word)."""

ZONES = 2
"""How many zones a subnet group needs at least."""

DEFAULT_PORTS = {"POSTGRESQL": 5432, "MYSQL": 3306, "SQLSERVER": 1433}
"""The port that a proxy listens on, by engine family (Aurora User Guide, RDS Proxy)."""

DAY_MINUTES = 1_440
"""Windows of backups and of maintenance may go past midnight."""
