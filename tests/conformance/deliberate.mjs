// Where our answers differ from the recorded ones on purpose, and why. The first row that fits a difference counts.

export const deliberate = [
  {
    what: /prompt_tokens_details: absent|responseId: absent|models\[\]\.contextWindow: absent/,
    because: "the mock model does not tell it",
  },
  {
    what: /drops-midstream-408: status: 502/,
    because: "an upstream that breaks off is a bad gateway, not a slow client",
  },
  {
    what: /^bootstrap-bad: close/,
    because: "the advice names a command of the other product",
  },
  {
    what: /control-ui-404: header|\.(controlUi\w+|pluginSurfaceUrls|buildId|updateSchedule|appliedConfigHash): absent/,
    because: "the control page, plugins, updates and config methods are not in this release",
  },
  {
    what: /\.(auth\.\w+|policy\.(allowedSession|hasMultiple)\w+|senderIsOwner|transport): absent/,
    because: "only a paired device gets a token; recovery and shared sessions are not in this release",
  },
  {
    what: /\.(thinking\w+|agentRuntime|modelSelection\w+|workspaceGit|default[PM]\w+|isHeartbeat): absent/,
    because: "thinking levels, other runtimes, permission modes and heartbeats are not in this release",
  },
  {
    what: /\.(cpuBreakdown|modelRuntime|hostDesktop|taskAudit|processMemory|workerPools|shutdownBudget): absent/,
    because: "each implementation tells of its own processes",
  },
  {
    what: /^answer to status\.payload\.\w+: extra/,
    because: "each implementation tells of its own processes",
  },
  {
    what: /\.result\.(meta\.|sourceReply)|providerRuntimeFailureKind: absent|replayInvalid: absent/,
    because: "traces of the other implementation's harness",
  },
  {
    what: /presence\[\]\.|system-presence\.payload\[\]\.|recipientProfileId: absent/,
    because: "presence tells what the connections said of themselves; others were there in the recording",
  },
  {
    what: /^event (health|presence|tick|task|config\.changed|chat\.metadata\.changed|(device|node)\.pair\.\w+): absent/,
    because: "comes by the clock, from what other clients did in the recording, or its part is not in this release",
  },
  {
    what: /^event (.* preparing_workspace|.* (finishing|fallback_step)|sessions\.changed (?!.*payload)[\w.]+): absent/,
    because: "a step of a run that this release does not have, or tells with its start or end",
  },
  {
    what: /^event (.*status \w+|agent [\w ]+\.payload\.(sessionId|data\.\w+)): extra|lifecycle error: absent/,
    because: "a run is told alike however it was asked for and however it ends",
  },
  {
    what: /^event: in the order .*session\.message/,
    because: "a message is told when it is stored, which is with the start of its run",
  },
  {
    what: /^event: in the order .*chat aborted/,
    because: "an aborted run ends like any other: first the run, then the conversation",
  },
  {
    what: /(sessionInfo|sessions\[\]|recent\[\]|(session\.message|sessions\.changed \w+)\.payload)\.\w+: \w+$/,
    because: "a session's row has what this release knows of it, and is asked for, not pushed",
  },
  {
    what: /__openclaw\.(idempotencyKey|transcriptPosition): absent|deltaCursor: absent|inFlightRun\.events: absent/,
    because: "a message's place is its seq, its key stands beside its role, and history is read by windows",
  },
  {
    what: /\.(contextTokens|workspace|name|reset): absent/,
    because: "told when it is configured or has happened",
  },
  {
    what: /sessions?(Info|\[\])\.status: /,
    because: "the recording's earlier calls, which are left out, ended otherwise",
  },
];
