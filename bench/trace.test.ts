import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { writeTrace } from './long-document.ts';
import { createTrace } from './trace.ts';

test('the trace is the same for the same seed, takes back three of ten, and its document says what it says', () => {
  const trace = createTrace(7, 5000);
  expect(createTrace(7, 5000)).toEqual(trace);
  expect(createTrace(8, 5000)).not.toEqual(trace);
  expect(trace).toHaveLength(5000);
  const removals = trace.filter(({ removed }) => removed === 1).length;
  expect(removals / trace.length).toBeCloseTo(0.3, 1);

  let text = '';
  for (const { at, removed, inserted } of trace)
    text = text.slice(0, at) + inserted + text.slice(at + removed);
  const doc = new Y.Doc();
  writeTrace(doc, trace);
  const lines = doc
    .getXmlFragment('content')
    .toArray()
    .map((line) => (line instanceof Y.XmlElement ? line.toArray().join('') : ''));
  expect(lines.join('\n')).toBe(text);
  expect(lines.length).toBeGreaterThan(10);
});
