import { createSignal, createUniqueId, For } from 'solid-js';
import { t } from '../../i18n/social/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { type OrderName, orderNames, orders, setOrder } from '../../state/orders.ts';
import { Switch } from '../../ui/switch.tsx';

/** The standing orders, in plain words; each is signed by this device when it is given and when it is withdrawn. */
export function Orders() {
  const [busy, setBusy] = createSignal<OrderName>();
  const id = createUniqueId();
  const change = async (order: OrderName, on: boolean) => {
    setBusy(order);
    await attempt(setOrder(order, on));
    setBusy(undefined);
  };
  return (
    <section class="contacts" aria-labelledby={id}>
      <h2 id={id}>{t('orders.title')}</h2>
      <div class="card orders">
        <p class="quiet-text">{t('orders.text')}</p>
        <For each={orderNames}>
          {(order) => (
            <Switch
              label={t(`orders.${order}`)}
              checked={orders[order]}
              disabled={busy() !== undefined}
              onChange={(on) => void change(order, on)}
            />
          )}
        </For>
      </div>
    </section>
  );
}
