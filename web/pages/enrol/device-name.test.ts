import { expect, test } from 'vitest';
import { deviceName } from './device-name.ts';

test('a device is named after its browser and system', () => {
  expect(deviceName('Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36')).toBe('Chrome, Linux');
  expect(deviceName('Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36')).toBe(
    'Chrome, Android',
  );
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toBe(
    'Safari, iPhone',
  );
  expect(deviceName('')).toBe('Browser');
});
