import type { Node } from 'prosemirror-model';
import type { EditorView, NodeView } from 'prosemirror-view';
import { t } from '../../../i18n/blocks/translate.ts';
import { languageOf } from './highlight.ts';

/** Languages with colours, under the names that stand behind a fence. */
export const languages: Readonly<Record<string, string>> = {
  arduino: 'Arduino',
  bash: 'Bash',
  c: 'C',
  cpp: 'C++',
  csharp: 'C#',
  css: 'CSS',
  diff: 'Diff',
  go: 'Go',
  graphql: 'GraphQL',
  html: 'HTML',
  ini: 'INI, TOML',
  java: 'Java',
  javascript: 'JavaScript',
  json: 'JSON',
  kotlin: 'Kotlin',
  less: 'Less',
  lua: 'Lua',
  makefile: 'Makefile',
  markdown: 'Markdown',
  objectivec: 'Objective-C',
  perl: 'Perl',
  php: 'PHP',
  python: 'Python',
  r: 'R',
  ruby: 'Ruby',
  rust: 'Rust',
  scss: 'SCSS',
  shell: 'Shell',
  sql: 'SQL',
  swift: 'Swift',
  typescript: 'TypeScript',
  vbnet: 'Visual Basic',
  wasm: 'WebAssembly',
  xml: 'XML',
  yaml: 'YAML',
};

/** Short names that people write. */
const aliases: Readonly<Record<string, string>> = {
  cs: 'csharp',
  js: 'javascript',
  md: 'markdown',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  ts: 'typescript',
  yml: 'yaml',
};

/** Code with a choice of its language. */
export function createCodeView(node: Node, view: EditorView, getPos: () => number | undefined): NodeView {
  const dom = document.createElement('div');
  const select = document.createElement('select');
  const pre = document.createElement('pre');
  const contentDOM = document.createElement('code');
  dom.className = 'code-box';
  select.className = 'code-language';
  select.contentEditable = 'false';
  select.setAttribute('aria-label', t('code.language'));
  pre.spellcheck = false;
  pre.append(contentDOM);
  dom.append(select, pre);
  let current = node;
  const render = (): void => {
    const language = languageOf(current);
    const shown = aliases[language] ?? language;
    if (select.value !== shown || select.options.length === 0) fill(select, shown);
    select.disabled = !view.editable;
  };
  select.addEventListener('change', () => {
    const pos = getPos();
    if (pos === undefined) return;
    // What stands behind the language is not ours to drop.
    const rest = String(current.attrs['params']).replace(/^\S*/, '');
    view.dispatch(view.state.tr.setNodeAttribute(pos, 'params', select.value + rest));
    view.focus();
  });
  render();
  return {
    dom,
    contentDOM,
    update(next) {
      if (next.type !== current.type) return false;
      current = next;
      render();
      return true;
    },
    stopEvent: (event) => event.target === select,
    ignoreMutation: (change) => change.type !== 'selection' && !contentDOM.contains(change.target),
  };
}

function fill(select: HTMLSelectElement, shown: string): void {
  const known = shown === '' || shown in languages ? [] : [[shown, shown] as const];
  const all = [['', t('code.plain')] as const, ...known, ...Object.entries(languages)];
  select.replaceChildren(...all.map(([value, label]) => new Option(label, value)));
  select.value = shown;
}
