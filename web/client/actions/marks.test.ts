import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createMarks } from './marks.ts';

describe('read marks', () => {
  it('J6: devices that read at once, both offline, take nothing back from each other', () => {
    const [phone, laptop] = [new Y.Doc(), new Y.Doc()];
    const [onPhone, onLaptop] = [createMarks(phone, 'phone001'), createMarks(laptop, 'laptop01')];
    onPhone.set('notices', 500);
    onLaptop.set('notices', 300);
    onLaptop.set('conv:a1~x:y', 70);
    Y.applyUpdate(laptop, Y.encodeStateAsUpdate(phone));
    Y.applyUpdate(phone, Y.encodeStateAsUpdate(laptop));
    for (const marks of [onPhone, onLaptop]) {
      expect(marks.read('notices')).toBe(500);
      expect(marks.read('conv:a1~x:y')).toBe(70);
      expect(marks.read('conv:a1~x')).toBe(0);
    }
  });

  it('J6: an earlier time changes nothing, and what is no time counts nothing', () => {
    const doc = new Y.Doc();
    const marks = createMarks(doc, 'phone001');
    let told = 0;
    const end = marks.watch(() => told++);
    marks.set('notices', 500);
    marks.set('notices', 400);
    expect(told).toBe(1);
    doc.getMap('marks').set('notices:laptop01', 'tomorrow');
    doc.getMap('marks').set('notices:laptop02', -1);
    expect(marks.read('notices')).toBe(500);
    end();
    marks.set('notices', 600);
    expect(told).toBe(3);
  });
});
