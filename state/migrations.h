#pragma once
// Migrations: how an older database becomes this release's. Numbered scripts, forward only, compiled in; a database
// that a newer release wrote is refused.

#include <span>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

// Script n (from 1) makes schema n from schema n - 1.
std::span<const char* const> release_scripts();

// Brings the database to the last schema of `scripts`, in one transaction that keeps other writers out. An existing
// database is copied to <path>.before-<n> first, n being the schema it is to get.
// Errors: schema_too_new, storage. Nothing is changed then.
Result<void> migrate(Database& database, std::span<const char* const> scripts);

}  // namespace omenia::state
