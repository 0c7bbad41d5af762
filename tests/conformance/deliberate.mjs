// Where our answers differ from the recorded ones on purpose, and why. The first row that fits a difference counts.
// docs/differences.md is made of these rows: differences_page.mjs.

const row_of_a_session = String.raw`(sessionInfo|sessions\[\]|recent\[\]|session|entry)\.`;

// Members of a session's row, or beside it, with these names.
function inRow(names, how = "absent") {
  return new RegExp(String.raw`${row_of_a_session}(${names}): ${how}$`);
}

export const deliberate = [
  {
    about: "HTTP",
    what: /^chat-upstream-drops-midstream-408: status: 502/,
    ours: "An upstream that breaks off in the middle of its answer is 502.",
    because: "408 says that the client was slow, which it was not.",
  },
  {
    about: "HTTP",
    what: /^chat-agent-timeout-500: status: 504/,
    ours: "A run that reaches its time limit is 504.",
    because: "500 is for defects of the gateway itself.",
  },
  {
    about: "HTTP",
    what: /^embeddings-upstream-500: status: 502/,
    ours: "A failing upstream of embeddings is 502.",
    because: "as with chat completions: the gateway is well, its upstream is not.",
  },
  {
    about: "HTTP",
    what: /^chat-ambiguous-default-400: /,
    ours: "`OmeniaClaw/default` is the configured default agent, else the first of the list.",
    because: "adding a second agent must not break the clients of the first one.",
  },
  {
    about: "HTTP",
    what: /^control-ui-404: header/,
    ours: "An unknown path has no headers of a page.",
    because: "it is answered in JSON, not by a page.",
  },

  {
    about: "Connecting",
    what: /^browser-rate-limited: close/,
    ours: "A connection that is refused for too many attempts is closed with 1008.",
    because: "as every refused connect; the recording ends before the close.",
  },
  {
    about: "Connecting",
    what: /^bootstrap-bad: close/,
    ours: "The advice in a refusal names the command `OmeniaClaw`.",
    because: "it is the command that helps.",
  },
  {
    about: "Connecting",
    what: /^answer to connect\.error\.details\.remediationHint: extra/,
    ours: "A device whose token does not cover what it asks for is told what to do (`remediationHint`).",
    because: "clients show it to the operator.",
  },
  {
    about: "Connecting",
    what: /\.server\.(buildId|controlUiBuildSource)|\.controlUi\w+|\.pluginSurfaceUrls/,
    ours: "hello-ok has no build of a control page, no tabs and no surfaces of plugins.",
    because: "there is no control page and there are no plugins in this release.",
  },
  {
    about: "Connecting",
    what: /snapshot\.updateSchedule: absent/,
    ours: "hello-ok has no schedule of updates.",
    because: "this release does not update itself.",
  },
  {
    about: "Connecting",
    what: /auth\.recovery\w+: absent/,
    ours: "hello-ok has no scope to recover drafts by.",
    because: "the gateway keeps no drafts for clients.",
  },
  {
    about: "Connecting",
    what: /policy\.(allowedSessionVisibilities|hasMultipleSessionSharingIdentities): absent/,
    ours: "hello-ok says nothing of sharing sessions.",
    because: "there are no profiles: everybody with the scope sees every session.",
  },

  {
    about: "Presence",
    what: /recipientProfileId: absent|(presence|payload)\[\]\.user: absent/,
    ours: "Connections belong to no profile.",
    because: "there are no profiles in this release.",
  },
  {
    about: "Presence",
    what: /(presence|payload)\[\]\.(ip|timeZone|lastActivityAt): absent/,
    ours: "An entry has what the connection said of itself; no address, and no last activity.",
    because: "every reader would learn where the others are, and nobody's activity is watched.",
  },
  {
    about: "Presence",
    what: /(presence|payload)\[\]\.(clientId|onlineSince|roles|scopes|deviceId): (extra|absent)/,
    ours: "Other clients are connected than in the recording.",
    because: "a list of entries is compared as one entry that has every member.",
  },

  {
    about: "Health and status",
    what: /eventLoop\.cpuBreakdown: absent|\.(modelRuntime|hostDesktop|taskAudit|processMemory|workerPools|shutdownBudget): absent/,
    ours: "Health and status tell of one process with one loop.",
    because: "the threads, pools and desktops of the other implementation are not here.",
  },
  {
    about: "Health and status",
    what: /^answer to status\.payload\.(uptimeMs|generation|configuration|connections): extra/,
    ours: "`status` tells the worker's generation, its configuration and its connections too.",
    because: "the operator's commands show them.",
  },
  {
    about: "Health and status",
    what: /^answer to system\.info\.payload\.(cpuModel|disks|defaultAgentUtilityModel|processMemory\.\w+): absent/,
    ours: "`system.info` has the disk of the state directory and the memory of the worker.",
    because: "other disks and the processor's name say nothing about the gateway; there is no utility model.",
  },
  {
    about: "Health and status",
    what: /health\.agents\[\]\.name: absent|logs\.tail\.payload\.reset: absent/,
    ours: "An agent's name and a log's reset are told when there is one.",
    because: "in the recording there was.",
  },

  {
    about: "Events",
    what: /^event (health|tick): absent/,
    ours: "Events of the clock do not come while a recording is replayed.",
    because: "a replay takes less time than the recording did.",
  },
  {
    about: "Events",
    what: /^event device\.pair\.requested: absent/,
    ours: "Clients that were not recorded do not come.",
    because: "the recorded operator saw a device that changed its platform; the checks with the published client do.",
  },
  {
    about: "Events",
    what: /^event task: absent/,
    ours: "Runs are told by `agent` and `chat`, not by `task` too.",
    because: "`tasks.list` has them; nothing else is a task in this release.",
  },
  {
    about: "Events",
    what: /^event voicewake\.\w[\w.]*: absent/,
    ours: "A node is told nothing about words that wake it.",
    because: "there is no voice in this release.",
  },
  {
    about: "Events",
    what: /^event node\.presence: extra/,
    ours: "`node.presence` is told when a node comes or goes.",
    because: "who shows nodes need not ask for the list again.",
  },
  {
    about: "Events",
    what: /^event: in the order .*config\.changed, chat\.metadata\.changed/,
    ours: "`config.changed` comes before `chat.metadata.changed`.",
    because: "the file is written before it is taken over.",
  },
  {
    about: "Events",
    what: /^event config\.changed\.payload\.changedPaths: extra/,
    ours: "`config.changed` names the paths that changed.",
    because: "who shows one of them need not read all of it.",
  },

  {
    about: "Runs",
    what: /^event (chat status|agent run_status) preparing_workspace: absent|^event agent lifecycle (finishing|fallback_step): absent/,
    ours: "A run is preparing its context, starting its model, and ended.",
    because: "it has no workspace to prepare, and the end is told when it is stored.",
  },
  {
    about: "Runs",
    what: /^event sessions\.changed (participants|agent\.run\.started|agent\.input\.settled|model): absent/,
    ours: "A run changes its session twice: `start` and `end`.",
    because: "each says what the others would.",
  },
  {
    about: "Runs",
    what: /^event (chat status|agent run_status) \w+: extra|^event agent [\w ]+\.payload\.(sessionId|data\.\w+): extra|^event agent lifecycle error: absent/,
    ours: "A run is told in the same steps and with the same members however it was asked for and however it ends.",
    because: "clients need one way to read it.",
  },
  {
    about: "Runs",
    what: /^event: in the order .*session\.message/,
    ours: "The user's message is told after the start of its run.",
    because: "it is told when it is stored, which is with the start.",
  },
  {
    about: "Runs",
    what: /^event: in the order .*chat aborted/,
    ours: "An aborted run ends like any other: first `agent`, then `chat`.",
    because: "clients need one order to rely on.",
  },
  {
    about: "Runs",
    what: /\.isHeartbeat: absent/,
    ours: "Events of runs do not say whether a heartbeat asked.",
    because: "there are no heartbeats in this release.",
  },
  {
    about: "Runs",
    what: /^answer to agent\.payload\.result\.(meta\.|sourceReply)/,
    ours: "The result of `agent` has the text, the model, its usage and how it ended.",
    because: "the rest are traces of the other implementation's harness.",
  },
  {
    about: "Runs",
    what: /replayInvalid: absent|providerRuntimeFailureKind: absent/,
    ours: "A failed run has `failoverReason` and the provider's status, a finished one its receipt.",
    because: "the two others are words of the other implementation's harness.",
  },

  {
    about: "Sessions",
    what: /^event (session\.message|sessions\.changed \w+)\.payload\.\w+: absent$/,
    ours: "`session.message` and the `sessions.changed` of a run name the session without its row.",
    because: "a row with its numbers costs a read and a kilobyte an event; who shows it asks for it.",
  },
  {
    about: "Sessions",
    what: inRow(
      "participants|expandedParticipants|participantCount|sharingRole|owner|createdVia|createdActor|chatType",
      "(absent|extra)",
    ),
    ours: "Every session is a direct conversation of the gateway's operator.",
    because: "there are no profiles and no channels in this release.",
  },
  {
    about: "Sessions",
    what: inRow(
      "permissionMode|permissionModePending|effectiveFastMode|effectiveFastModeSource|fastAutoOnSeconds|toolOverrides|effectiveResponseUsage|runtimeSelectionLocked|runtime|swarm",
    ),
    ours: "A session has no permission mode, no fast mode and no other runtime.",
    because: "there are none in this release.",
  },
  {
    about: "Sessions",
    what: /\.(thinking\w+|agentRuntime|modelSelection\w+|workspaceGit|defaultPermissionMode|defaultModels): absent/,
    ours: "Models and agents have no list of thinking levels, no other runtime and no permission mode.",
    because: "there are none in this release.",
  },
  {
    about: "Sessions",
    what: inRow("estimatedCostUsd|cacheRead|cacheWrite|contextTokens|contextBudgetStatus|remainingTokens|percentUsed"),
    ours: "A session counts its tokens; it has no costs and no budget of its context.",
    because: "prices are not known; the size of a context stands in `defaults`.",
  },
  {
    about: "Sessions",
    what: /\.contextTokens: absent|models\[\]\.contextWindow: absent/,
    ours: "The size of a model's context is told when it is configured.",
    because: "the mock model's is not.",
  },
  {
    about: "Sessions",
    what: inRow(
      "activitySummary|placement|activeLeafEntryId|hasAutomation|systemSent|sessionRoot|spawnDepth|parentSessionKey|delivery|totalTokensVersion",
    ),
    ours: "A session runs here, on one branch, and belongs to nobody else.",
    because: "there are no other machines, branches, jobs, channels or sub-agents in this release.",
  },
  {
    about: "Sessions",
    what: inRow("lastRunError"),
    ours: "A session's row says that the last run failed, not why.",
    because: "`tasks.get` and the transcript have the reason.",
  },
  {
    about: "Sessions",
    what: inRow("activeModel|activeModelProvider|selectedModel|configuredModel|model|modelProvider"),
    ours: "A session's row names the model that was chosen for it, else that of its last run.",
    because: "`defaults` and `resolved` have the one that it would use.",
  },
  {
    about: "Sessions",
    what: inRow("displayName|derivedTitle|lastMessagePreview", "(absent|extra)"),
    ours: "A session has a name when it was given one; a title and a preview when they were asked for.",
    because: "clients show the key otherwise.",
  },
  {
    about: "Sessions",
    what: inRow(
      "activeRunIds|hasActiveRun|inputTokens|outputTokens|totalTokens|totalTokensFresh|lastActivityAt|lastInteractionAt|sessionStartedAt|archived|pinned|unread|abortedLastRun|compactionCount|modelOverrideSource|systemSent",
      "extra",
    ),
    ours: "A session's row has all of its members always.",
    because: "the recorded ones come and go with what has happened.",
  },
  {
    about: "Sessions",
    what: /sessions?(Info|\[\])\.status: /,
    ours: "Other runs came last than in the recording.",
    because: "recordings of calls that are left out came between.",
  },
  {
    about: "Sessions",
    what: /__openclaw\.(idempotencyKey|transcriptPosition): absent|deltaCursor: absent/,
    ours: "A message's place in a transcript is its `seq`; its key stands beside its role. History is read by windows.",
    because: "one number is enough to find a message by.",
  },
  {
    about: "Sessions",
    what: /__openclaw\.(senderIsOwner|transport): absent/,
    ours: "A stored message does not say who sent it and by which program.",
    because: "there are no profiles: it was the operator.",
  },
  {
    about: "Sessions",
    what: /inFlightRun\.events: absent/,
    ours: "The run under way is told by its text.",
    because: "other steps come with tools.",
  },
  {
    about: "Sessions",
    what: /messages\[\]\.(errorCode|errorType|errorBody): absent|chat\.\w+\.payload\.messages\[\]\.errorMessage: extra/,
    ours: "A failed message has one `errorMessage`, in every method.",
    because: "what a provider answered word by word is not passed on.",
  },
  {
    about: "Sessions",
    what: /responseId: absent|prompt_tokens_details: absent/,
    ours: "What a model tells beside its answer is passed on when it is there.",
    because: "the mock model does not tell it.",
  },

  {
    about: "Configuration",
    what: /^answer to config\.patch\.payload\.(sentinel: absent|file: extra|reload: extra)/,
    ours: "A write answers which file was written and what the running gateway made of it.",
    because: "nothing is restarted, so there is no note for after a restart.",
  },
  {
    about: "Configuration",
    what: /^answer to config\.schema\.lookup\.payload\.(schema|hint)\./,
    ours: "The schema has defaults and reload classes, and a description instead of titles and labels.",
    because: "it is made of the same rows as the documentation.",
  },
  {
    about: "Configuration",
    what: /^answer to agents\.(list\.payload\.agents\[\]\.workspace: absent|(update|delete)\.)/,
    ours: "An agent that was created is there at once, and one without a folder of its own names none.",
    because: "the change is taken over before it is answered.",
  },
  {
    about: "Configuration",
    what: /^answer to agent\.identity\.get\.payload\.avatar/,
    ours: "An agent has no picture, and says so.",
    because: "there are none in this release.",
  },
  {
    about: "Configuration",
    what: /^answer to models\.authStatus\.payload\.providerCapabilities\[\]\.loginOptions: absent/,
    ours: "Providers have keys, no logins.",
    because: "there are no logins at providers in this release.",
  },

  {
    about: "Others",
    what: /^answer to channels\.status\.payload\.(channel\w+|statusIssues): absent/,
    ours: "Labels, pictures and problems of channels are left out.",
    because: "there are no channels in this release.",
  },
  {
    about: "Others",
    what: /^answer to exec\.approvals\.get\.payload\.file\.socket: absent/,
    ours: "There is no socket for approvals.",
    because: "this release executes no commands.",
  },
  {
    about: "Others",
    what: /^answer to tasks\.list\.payload\.tasks\[\]\.(execution|progressSummary): absent|tasks\[\]\.status: /,
    ours: "A task is a run: its status says where it stands.",
    because: "nothing else is a task in this release.",
  },
  {
    about: "Others",
    what: /^answer to usage\.(status\.payload\.refreshing: absent|cost\.payload\.cacheStatus\.status: "fresh")/,
    ours: "Usage is read from the store when it is asked for.",
    because: "so it is never behind.",
  },
  {
    about: "Others",
    what: /^answer to node\.list\.payload\.nodes\[\]\.(nodePluginTools|lastConnectedAtMs): extra/,
    ours: "A node is told with the same members whether it is connected or not.",
    because: "clients need one way to read it.",
  },
  {
    about: "Others",
    what: /^answer to node\.invoke\.error\.details\.code: "NOT_CONNECTED"/,
    ours: "A command for a node that is not there is refused with `NOT_CONNECTED`.",
    because: "`PAIRING_CHANGED` would send the operator to look for an approval.",
  },
];
