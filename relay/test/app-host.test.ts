import { expect, test } from 'vitest';
import { codeOf } from './device.ts';
import { createNetwork } from './network.ts';
import { takeName } from './tenants.ts';

test('N14: nobody has the app’s host as a name', async () => {
  const network = await createNetwork('carol.test');
  const [relay] = network.relays;
  await relay.stop();
  await relay.start({ BASE_APP_DOMAIN: 'islet.carol.test', REGISTRATION: 'open' });
  expect(codeOf(await takeName(relay, { idTag: 'islet.carol.test' }))).toBe('E-NAME-TAKEN');
  expect(codeOf(await takeName(relay, { idTag: 'islets.carol.test' }))).toBe('201');
  await network.close();
});
