/** Words for a device that may not speak just now. */
export const en = {
  title: 'This device',
  away: 'This device may not speak for you just now: it was away for a long time, or all your devices were signed out. Open Islet on another of your devices and let this one in again, under Settings, Devices.',
  awayAlone:
    'Was this your only device? Then whoever runs your relay can let it in again, or use your recovery kit.',
  suspended:
    'The keys of this device were used in two places at once, as when its browser profile was copied. Both are stopped. Say on another of your devices which one is yours, under Settings, Devices.',
  removed:
    'This device was removed from your identity. To use it again, connect it from another of your devices.',
  kept: 'Everything you write here is kept on this device, and goes out once it is let in again.',
};

export type StandingDictionary = Record<keyof typeof en, string>;
