// Where connections, HTTP and the rest differ from the recorded ones on purpose; conversations have a file of their own.

export const ofConnections = [
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
    what: /: header (x-should-retry|retry-after): extra/,
    ours: "A run that failed says whether asking again can help (`x-should-retry`, `Retry-After`).",
    because: "clients repeat a failed request by themselves, and the run has its tokens spent already.",
  },
  {
    about: "HTTP",
    what: /^chat-tool-name-conflict-400: /,
    ours: "A client's tool may be called `read`.",
    because: "models are given no tools of the gateway's own in this release, so there is nothing to be taken for.",
  },
  {
    about: "HTTP",
    what: /^responses-[\w -]+(\(stream\))?: .*(annotations|sequence_number): extra/,
    ours: "Events of `/v1/responses` are numbered, and a text has its `annotations`.",
    because: "the published SDKs read both.",
  },
  {
    about: "HTTP",
    what: /^responses-easy-message-400: /,
    ours: "`/v1/responses` takes a message without `type`.",
    because: "the published SDKs send it so.",
  },
  {
    about: "HTTP",
    what: /^responses-unknown-key-400: /,
    ours: "`/v1/responses` leaves out members that it does not know, as `parallel_tool_calls`.",
    because: "the published SDKs send them; `conversation` and `prompt`, which would change the answer, are refused.",
  },
  {
    about: "HTTP",
    what: /^responses-function-call-stream \(stream\): (events|event (8|9|10|11))\b/,
    ours: "A function call is streamed with `response.function_call_arguments.delta` and `.done`.",
    because: "the published SDKs put its arguments together from them.",
  },
  {
    about: "HTTP",
    what: /: header x-request-id: extra/,
    ours: "Every answer names its request in `X-Request-Id`.",
    because: "logs of clients and of the gateway can be held together.",
  },
  {
    about: "HTTP",
    what: /^(endpoint-disabled|unknown-path|cors-preflight|models-post|probe)-\d+: (header content-type|body): /,
    ours: "404 and 405 are JSON on paths that programs ask.",
    because: "who asked for JSON can read why there is none.",
  },
  {
    about: "HTTP",
    what: /^models-post-405: header allow: /,
    ours: "The models can be asked with HEAD.",
    because: "whatever answers GET answers HEAD.",
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
    what: /^answer to gateway\.restart\.request\.payload\.(status|restart\.emitHooksQueued): /,
    ours: "A restart that is asked for is never deferred.",
    because: "runs go on in the old worker while the new one serves; there is nothing to wait for.",
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
