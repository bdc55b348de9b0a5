#include "models/defaults.h"

IGNIS_MODEL(Document,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Document, id, .primary_key = true),
        IGNIS_COLUMN(Document, tenant_id, .not_null = true),
        IGNIS_COLUMN(Document, title, .not_null = true),
        IGNIS_COLUMN(Document, type),
        IGNIS_COLUMN(Document, priority),
        IGNIS_COLUMN(Document, is_deleted, .not_null = true, .default_json = "false")),
    .default_filter = IGNIS_JSON({"where": {"isDeleted": false, "tenantId": "t1"}}));

IGNIS_MODEL(Category,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Category, id, .primary_key = true),
        IGNIS_COLUMN(Category, name, .not_null = true),
        IGNIS_COLUMN(Category, is_active, .not_null = true),
        IGNIS_COLUMN(Category, is_pinned, .not_null = true)),
    .relations = IGNIS_RELATIONS(IGNIS_MANY(Category, articles, Article, category)),
    .default_filter = IGNIS_JSON({
        "where": {"or": [{"isActive": true}, {"isPinned": true}]},
        "order": ["name ASC"]}));

IGNIS_MODEL(Article,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Article, id, .primary_key = true),
        IGNIS_COLUMN(Article, title, .not_null = true),
        IGNIS_COLUMN(Article, body),
        IGNIS_COLUMN(Article, status, .not_null = true),
        IGNIS_COLUMN(Article, category_id)),
    .foreign_keys = IGNIS_CONSTRAINTS(
        IGNIS_FOREIGN_KEY("FK_Article_categoryId_Category_id", Article, category_id, Category,
                          id)),
    .relations = IGNIS_RELATIONS(IGNIS_ONE(Article, category, Category, category_id, id)),
    .default_filter = IGNIS_JSON({
        "where": {"status": {"in": ["published", "featured"]}},
        "fields": ["id", "title", "status", "categoryId"],
        "include": [{"relation": "category"}],
        "order": ["id ASC"],
        "limit": 4,
        "offset": 1}));

IGNIS_MODEL(LogEntry,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(LogEntry, id, .primary_key = true),
        IGNIS_COLUMN(LogEntry, message, .not_null = true)),
    .default_filter = IGNIS_JSON({"limit": 10, "order": ["id ASC"]}));

IGNIS_MODEL(Subscription,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Subscription, id, .primary_key = true),
        IGNIS_COLUMN(Subscription, plan, .not_null = true),
        IGNIS_COLUMN(Subscription, is_active, .not_null = true),
        IGNIS_COLUMN(Subscription, created_at, .not_null = true)),
    .default_filter = IGNIS_JSON({
        "where": {"isActive": true, "createdAt": {"gte": "2024-01-01T00:00:00.000Z"}}}));

IGNIS_MODEL(Account,
    .table = "accounts",
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Account, id, .primary_key = true),
        IGNIS_COLUMN(Account, login, .not_null = true),
        IGNIS_COLUMN(Account, password, .hidden = true),
        IGNIS_COLUMN(Account, is_deleted, .not_null = true, .default_json = "false"),
        IGNIS_COLUMN(Account, owner_id)),
    .relations = IGNIS_RELATIONS(IGNIS_ONE(Account, owner, Owner, owner_id, id)),
    .default_filter = IGNIS_JSON({"where": {"isDeleted": false}}));

IGNIS_MODEL(Owner,
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Owner, id, .primary_key = true),
        IGNIS_COLUMN(Owner, name, .not_null = true)),
    .relations = IGNIS_RELATIONS(
        IGNIS_MANY(Owner, accounts, Account, owner),
        IGNIS_MANY(Owner, ledgers, Ledger, owner)));

IGNIS_MODEL(Ledger,
    .table = "ledgers",
    .columns = IGNIS_COLUMNS(
        IGNIS_COLUMN(Ledger, id, .primary_key = true),
        IGNIS_COLUMN(Ledger, amount, .not_null = true),
        IGNIS_COLUMN(Ledger, pin, .hidden = true),
        IGNIS_COLUMN(Ledger, owner_id)),
    .relations = IGNIS_RELATIONS(IGNIS_ONE(Ledger, owner, Owner, owner_id, id)));
