import { createStore } from 'solid-js/store';
import { type DeviceLog, isOrdered, type OrderName, orderNames } from '../../shared/device/device-log.ts';
import type { Account } from '../client/account.ts';

export type { OrderName };
export { orderNames };

/** The standing orders: what the relay may say by itself, as the device log has it. */
const [orders, setOrders] = createStore<Record<OrderName, boolean>>({
  connect: false,
  approve: false,
  vouch: false,
});
export { orders };

let give: ((order: OrderName, on: boolean) => Promise<void>) | undefined;

/** Shows what the log says. */
export function readOrders(log: DeviceLog): void {
  for (const order of orderNames) setOrders(order, isOrdered(log, order, Number.MAX_SAFE_INTEGER));
}

/** Lets pages give and withdraw orders. */
export function provideOrders(account: Account): void {
  give = async (order, on) => {
    await account.doorkeeper.setOrder(order, on);
    readOrders(await account.readDevices());
  };
}

/** Gives an order or withdraws it; needs the relay. Rejects with a message for people. */
export async function setOrder(order: OrderName, on: boolean): Promise<void> {
  if (!give) throw new Error('This space has no name yet.');
  await give(order, on);
}
