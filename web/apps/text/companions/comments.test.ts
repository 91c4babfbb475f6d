import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { schema } from '../schema.ts';
import { Device, exchange } from './device-fixture.ts';
import { addMessage, readThreads, removeMessage, setResolved, threadsOf } from './threads.ts';

const { nodes } = schema;
const said = (id: string, text: string, by = 'bob.test') => ({ id, by, name: by, at: 2, text });
const texts = (device: Device) =>
  readThreads(device.ydoc).map(({ messages }) => messages.map(({ text }) => text).sort());

let alice: Device;
let bob: Device;
beforeEach(() => {
  alice = new Device('before', 'we paint the boat in spring', 'after');
  bob = new Device();
  exchange(alice, bob);
  alice.comment('t', 'the boat');
  exchange(alice, bob);
});

describe('J12: the words of a thread', () => {
  it('J12: are found while both write before, inside and around them at once', () => {
    expect([alice.words('t'), bob.words('t')]).toEqual(['the boat', 'the boat']);
    alice.edit((tr) => tr.insertText('Surely ', alice.find('we paint').from));
    alice.edit((tr) => tr.insertText('little ', alice.find('boat').from));
    bob.edit((tr) => tr.insertText(' and the oars', bob.find('the boat').to));
    bob.edit((tr) => tr.insertText('all of ', bob.find('the boat').from));
    bob.edit((tr) => tr.insert(0, nodes.heading.create(null, schema.text('Plans'))));
    bob.edit((tr) => tr.delete(bob.find('before').from - 1, bob.find('before').to + 1));
    exchange(alice, bob);
    for (const device of [alice, bob]) expect(device.words('t')).toBe('the little boat');
  });

  it.each([
    ['made a heading', (device: Device) => device.edit((tr) => tr.setBlockType(9, 9, nodes.heading))],
    ['split before them', (device: Device) => device.edit((tr) => tr.split(device.find('the boat').from))],
    [
      'joined with the line above',
      (device: Device) => device.edit((tr) => tr.join(device.find('we paint').from - 1)),
    ],
  ])('J12: stay when their block is %s', (_name, change) => {
    change(bob);
    exchange(alice, bob);
    for (const device of [alice, bob]) expect(device.words('t')).toBe('the boat');
  });

  it('J12: split in two are still theirs on every device', () => {
    bob.edit((tr) => tr.split(bob.find('boat').from));
    exchange(alice, bob);
    for (const device of [alice, bob]) expect(device.words('t')).toBe('the |boat');
  });

  it('J12: are gone when they are deleted, are quoted, and come back with an undo', () => {
    const undo = new Y.UndoManager(bob.ydoc.getXmlFragment('content'));
    const { from, to } = bob.find('the boat');
    bob.edit((tr) => tr.delete(from, to));
    exchange(alice, bob);
    for (const device of [alice, bob]) expect(device.words('t')).toBeUndefined();
    expect(readThreads(alice.ydoc)[0]?.quote).toBe('the boat');
    bob.undo(undo);
    exchange(alice, bob);
    for (const device of [alice, bob]) expect(device.words('t')).toBe('the boat');
  });

  it('J12: come back when the block that was made of theirs is undone', () => {
    const undo = new Y.UndoManager(bob.ydoc.getXmlFragment('content'));
    bob.edit((tr) => tr.setBlockType(9, 9, nodes.heading));
    expect(bob.words('t')).toBe('the boat');
    bob.undo(undo);
    exchange(alice, bob);
    for (const device of [alice, bob]) expect(device.words('t')).toBe('the boat');
  });

  it('J12: commented while somebody else changes their block are found by what they say', () => {
    alice.comment('u', 'the boat in spring');
    bob.edit((tr) => tr.setBlockType(9, 9, nodes.heading));
    exchange(alice, bob);
    for (const device of [alice, bob]) expect(device.words('u')).toBe('the boat in spring');
  });
});

describe('J12: what is said', () => {
  it('J12: at once on two devices is all there, also in a thread that is taken away meanwhile', () => {
    addMessage(bob.ydoc, 't', said('b', 'Red?'));
    removeMessage(alice.ydoc, 't', 'm-t');
    expect(texts(alice)).toEqual([]);
    exchange(alice, bob);
    expect([texts(alice), texts(bob)]).toEqual([[['Red?']], [['Red?']]]);
  });

  it('J12: is resolved and opened again, and comes back from an undo once', () => {
    setResolved(alice.ydoc, 't', 5);
    const undo = removeMessage(alice.ydoc, 't', 'm-t');
    addMessage(alice.ydoc, 't', said('b', 'Red?'));
    undo();
    exchange(alice, bob);
    expect(readThreads(bob.ydoc)[0]).toMatchObject({ resolved: 5, messages: [{ id: 'm-t' }, { id: 'b' }] });
    setResolved(bob.ydoc, 't', 0);
    exchange(alice, bob);
    expect(readThreads(alice.ydoc)[0]?.resolved).toBe(0);
    expect(removeMessage(alice.ydoc, 't', 'nobody said')()).toBeUndefined();
    expect(texts(alice)).toEqual([['Red?', 'said']]);
  });

  it('J12: of a kind that is not known is passed over', () => {
    const threads = threadsOf(bob.ydoc);
    Reflect.apply(threads.set, threads, ['x', 5]);
    threads.set('y', new Y.Map<unknown>([['messages', ['a', { id: 3 }]]]));
    const odd: [string, unknown][] = [
      ['anchor', [new Uint8Array([255, 255]), new Uint8Array(0)]],
      ['resolved', 'soon'],
      ['messages', [{ id: 'z', text: 'z'.repeat(20_000), at: Infinity, by: 7 }]],
    ];
    threads.set('z', new Y.Map(odd));
    exchange(alice, bob);
    expect(readThreads(alice.ydoc).map(({ id }) => id)).toEqual(['t', 'z']);
    expect(readThreads(alice.ydoc)[1]).toMatchObject({
      resolved: 0,
      messages: [{ id: 'z', by: '', at: 0, text: 'z'.repeat(10_000) }],
    });
    expect([alice.words('t'), alice.words('z')]).toEqual(['the boat', undefined]);
  });
});
