// Where events, runs and sessions differ from the recorded ones on purpose.

const row_of_a_session = String.raw`(sessionInfo|sessions\[\]|recent\[\]|session|entry)\.`;

// Members of a session's row, or beside it, with these names.
function inRow(names, how = "absent") {
  return new RegExp(String.raw`${row_of_a_session}(${names}): ${how}$`);
}

export const ofConversations = [
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
    because: "the event `heartbeat` tells how such a turn has ended.",
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
    about: "Runs",
    what: /^answer to sessions\.abort\.payload\.status: "no-active-run"/,
    ours: "A run may have ended before it is stopped.",
    because: "it takes milliseconds here; the checks with the published client stop one that does not end by itself.",
  },

  {
    about: "Sessions",
    what: /^answer to sessions\.compact\.payload\.reason: /,
    ours: "A transcript that is too short to be summarised is left as it is, without asking the model.",
    because: "the recorded model failed when it was asked.",
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
];
