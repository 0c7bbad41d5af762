// node differences_page.mjs > docs/differences.md: the page of what differs from the protocol's first implementation on
// purpose, made of the rows of deliberate.mjs.

import { deliberate } from "./deliberate.mjs";

const beginning = `# Differences

Conversations and exchanges that were recorded with the protocol's first implementation are held again with this gateway,
and the shapes of the answers compared: members, types, codes, order. This is where they differ on purpose. The page is
made of \`tests/conformance/deliberate_*.mjs\`; a difference that it does not name fails \`make replay\`.
`;

export function differencesPage() {
  const subjects = [...new Set(deliberate.map(({ about }) => about))];
  const sections = subjects.map((subject) => {
    const rows = deliberate.filter(({ about }) => about === subject);
    const lines = rows.map(({ ours, because }) => `| ${ours} | ${because[0].toUpperCase()}${because.slice(1)} |`);
    return `\n## ${subject}\n\n| Here | Why |\n|---|---|\n${lines.join("\n")}\n`;
  });
  return beginning + sections.join("");
}

if (import.meta.url === `file://${process.argv[1]}`) process.stdout.write(differencesPage());
