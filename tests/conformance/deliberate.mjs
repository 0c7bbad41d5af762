// Where our answers differ from the recorded ones on purpose, and why: {about, what (a difference, as a pattern), ours,
// because}. The first row that fits a difference counts. docs/differences.md is made of these rows: differences_page.mjs.

import { ofConnections } from "./deliberate_connections.mjs";
import { ofConversations } from "./deliberate_conversations.mjs";

export const deliberate = [...ofConnections, ...ofConversations];
