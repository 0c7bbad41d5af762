#pragma once
// ModelRows: a model as models.list and chat.metadata tell it.

#include "shared/json/writer.h"
#include "worker/context.h"

namespace omenia::rpc::methods {

void write_model_row(JsonWriter& writer, const providers::CatalogRow& row);

}  // namespace omenia::rpc::methods
