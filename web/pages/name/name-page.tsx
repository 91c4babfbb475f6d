import { A, useLocation, useNavigate } from '@solidjs/router';
import { createResource, createSignal, Match, Show, Switch } from 'solid-js';
import { t } from '../../i18n/names/translate.ts';
import { setPageTitle } from '../../state/frame.ts';
import { identityState } from '../../state/identity.ts';
import { houseParts } from '../../state/house.ts';
import { type Naming, openSetup, parseInvitation, readNaming, takeName } from '../../state/names.ts';
import { JoinCard } from '../../ui/join-card.tsx';
import { Segments } from '../../ui/segments.tsx';
import '../../ui/join-card.css';
import './name.css';
import { NameHere } from './name-here.tsx';
import { OwnDomain } from './own-domain.tsx';

/** How this space gets a name: on this relay, by one's own domain, or later. */
export default function NamePage() {
  setPageTitle(t('name.title'));
  const location = useLocation();
  const invitation = () => parseInvitation(location.hash);
  const [naming, { refetch }] = createResource(
    // Again once this browser speaks for somebody: then it may be the operator.
    () => [invitation(), houseParts()] as const,
    ([code]) => readNaming(code),
  );
  return (
    <JoinCard title={t('name.title')}>
      <p>{t('name.intro')}</p>
      <Show
        when={naming.state !== 'errored'}
        fallback={
          <>
            <p class="error-text" role="alert">
              {t('name.away')}
            </p>
            <button type="button" class="button primary" onClick={() => void refetch()}>
              {t('name.again')}
            </button>
            <Later />
          </>
        }
      >
        <Show when={naming.latest}>{(found) => <Ways naming={found()} invitation={invitation()} />}</Show>
      </Show>
    </JoinCard>
  );
}

function Ways(props: { naming: Naming; invitation: string | undefined }) {
  const state = () => props.naming.relay.invitation;
  const refused = () => {
    const now = state();
    return now === 'used' || now === 'expired' || now === 'unknown' ? now : undefined;
  };
  const mayTake = () =>
    state() === 'open' || props.naming.isOperator || props.naming.relay.registration === 'open';
  return (
    <>
      <Show when={state() === 'open'}>
        <p>{t('name.invited', { domain: props.naming.relay.domain })}</p>
      </Show>
      <Show when={!props.naming.claimed}>
        <p>{t('name.unclaimed', { domain: props.naming.relay.domain })}</p>
      </Show>
      <Switch>
        <Match when={refused()}>
          {(why) => (
            <p class="error-text" role="status">
              {t(`name.invitation.${why()}`)}
            </p>
          )}
        </Match>
        <Match when={mayTake() || props.naming.relay.local}>
          <Choice naming={props.naming} invitation={props.invitation} mayTake={mayTake()} />
        </Match>
        <Match when={true}>
          <p>{t('name.closed')}</p>
          <Later />
        </Match>
      </Switch>
    </>
  );
}

type Way = 'here' | 'own' | 'later';

function Choice(props: { naming: Naming; invitation: string | undefined; mayTake: boolean }) {
  const navigate = useNavigate();
  const [chosen, setChosen] = createSignal<Way>();
  const way = () => chosen() ?? (props.mayTake ? 'here' : 'own');
  const [community, setCommunity] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const choices = () =>
    (props.mayTake ? (['here', 'own', 'later'] as const) : (['own', 'later'] as const)).map((value) => ({
      value,
      label: t(`name.choice.${value}`),
    }));
  const take = async (idTag: string) => {
    setBusy(true);
    setFailure('');
    const type = community() ? 'community' : 'person';
    const { invitation } = props;
    try {
      const path = await takeName(props.naming, {
        idTag,
        type,
        ...(invitation !== undefined && { invitation }),
      });
      openSetup(path, navigate);
    } catch (error) {
      setFailure(t('name.failed', { message: error instanceof Error ? error.message : String(error) }));
    }
    setBusy(false);
  };
  return (
    <>
      <Show when={identityState.identity.kind === 'claimed' && identityState.identity}>
        {(own) => <p class="quiet-text">{t('name.second', { idTag: own().idTag })}</p>}
      </Show>
      <Segments<Way> label={t('name.choice')} value={way()} choices={choices()} onChange={setChosen} />
      <Switch>
        <Match when={way() === 'here'}>
          <NameHere naming={props.naming} busy={busy()} onTake={(idTag) => void take(idTag)} />
        </Match>
        <Match when={way() === 'own'}>
          <OwnDomain
            naming={props.naming}
            invitation={props.invitation}
            busy={busy()}
            onTake={(idTag) => void take(idTag)}
          />
        </Match>
        <Match when={way() === 'later'}>
          <Later />
        </Match>
      </Switch>
      <Show when={props.naming.isOperator && way() !== 'later'}>
        <label class="name-check">
          <input
            type="checkbox"
            checked={community()}
            onChange={(event) => setCommunity(event.currentTarget.checked)}
          />
          {t('name.community')}
        </label>
      </Show>
      <Show when={failure()}>
        <p class="error-text" role="alert">
          {failure()}
        </p>
      </Show>
    </>
  );
}

function Later() {
  return (
    <>
      <p class="quiet-text">{t('name.later')}</p>
      <A class="button" href="/">
        {t('name.back')}
      </A>
    </>
  );
}
