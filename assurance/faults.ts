import type { Fault } from './fault.ts';
import { deviceFaults } from './faults-device.ts';
import { diskFaults } from './faults-disk.ts';
import { relayFaults } from './faults-relay.ts';
import { sharedFaults } from './faults-shared.ts';
import { webFaults } from './faults-web.ts';

/** All faults that are planted. */
export const faults: readonly Fault[] = [
  ...sharedFaults,
  ...deviceFaults,
  ...relayFaults,
  ...diskFaults,
  ...webFaults,
];
