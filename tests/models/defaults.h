/* The fixture defaults as C models. */
#ifndef MODELS_DEFAULTS_H
#define MODELS_DEFAULTS_H

#include "ignis.h"

typedef struct Document Document;
typedef struct Category Category;
typedef struct Article Article;
typedef struct LogEntry LogEntry;
typedef struct Subscription Subscription;
typedef struct Account Account;
typedef struct Owner Owner;
typedef struct Ledger Ledger;

struct Document {
    const char *id;
    const char *tenant_id;
    const char *title;
    const char *type;
    const char *priority;
    bool is_deleted;
};

struct Category {
    const char *id;
    const char *name;
    bool is_active;
    bool is_pinned;
    Article *articles;
    size_t articles_count;
};

struct Article {
    const char *id;
    const char *title;
    const char *body;
    const char *status;
    const char *category_id;
    Category *category;
};

struct LogEntry {
    int32_t id;
    const char *message;
};

struct Subscription {
    const char *id;
    const char *plan;
    bool is_active;
    ignis_timestamp created_at;
};

struct Account {
    const char *id;
    const char *login;
    const char *password;
    bool is_deleted;
    const char *owner_id;
    Owner *owner;
};

struct Owner {
    const char *id;
    const char *name;
    Account *accounts;
    size_t accounts_count;
    Ledger *ledgers;
    size_t ledgers_count;
};

struct Ledger {
    const char *id;
    int32_t amount;
    const char *pin;
    const char *owner_id;
    Owner *owner;
};

IGNIS_MODEL_DECLARE(Document);
IGNIS_MODEL_DECLARE(Category);
IGNIS_MODEL_DECLARE(Article);
IGNIS_MODEL_DECLARE(LogEntry);
IGNIS_MODEL_DECLARE(Subscription);
IGNIS_MODEL_DECLARE(Account);
IGNIS_MODEL_DECLARE(Owner);
IGNIS_MODEL_DECLARE(Ledger);

IGNIS_REPOSITORY(DocumentRepository, Document);
IGNIS_REPOSITORY(CategoryRepository, Category);
IGNIS_REPOSITORY(ArticleRepository, Article);
IGNIS_REPOSITORY(LogEntryRepository, LogEntry);
IGNIS_REPOSITORY(SubscriptionRepository, Subscription);
IGNIS_REPOSITORY(AccountRepository, Account);
IGNIS_REPOSITORY(OwnerRepository, Owner);
IGNIS_REPOSITORY(LedgerRepository, Ledger);

#endif
