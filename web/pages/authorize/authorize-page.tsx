import { useLocation } from '@solidjs/router';
import { createSignal, type JSX, Match, Show, Switch } from 'solid-js';
import { IsletError } from '../../../shared/errors.ts';
import { formatLoginAnswer, type LoginRequest, parseLoginRequest } from '../../../shared/identity/login.ts';
import { t } from '../../i18n/identity/translate.ts';
import { setPageTitle } from '../../state/frame.ts';
import { identityState } from '../../state/identity.ts';
import { agreeToLogin } from '../../state/login.ts';
import { JoinCard } from '../../ui/join-card.tsx';
import '../../ui/join-card.css';
import './authorize.css';

type Asked = { readonly request: LoginRequest } | { readonly wrong: string };

function readRequest(search: string): Asked {
  try {
    return { request: parseLoginRequest(new URLSearchParams(search)) };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

/** Another site asks who this is (SPEC X6). Nothing is answered before the person says so. */
export default function AuthorizePage() {
  setPageTitle(t('login.title'));
  const asked = readRequest(useLocation().search);
  const idTag = () => (identityState.identity.kind === 'claimed' ? identityState.identity.idTag : undefined);
  return (
    <JoinCard title={t('login.title')}>
      <Show when={'request' in asked && asked.request} fallback={<Wrong asked={asked} />}>
        {(request) => (
          <Switch>
            <Match when={identityState.identity.kind === 'unclaimed'}>
              <p role="alert">{t('login.unclaimed')}</p>
            </Match>
            <Match when={idTag()}>{(name) => <Question request={request()} idTag={name()} />}</Match>
          </Switch>
        )}
      </Show>
    </JoinCard>
  );
}

function Wrong(props: { asked: Asked }): JSX.Element {
  const message = () => ('wrong' in props.asked ? props.asked.wrong : '');
  return <p role="alert">{t('login.wrong', { message: message() })}</p>;
}

function Question(props: { request: LoginRequest; idTag: string }) {
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const other = () => props.request.hint !== undefined && props.request.hint !== props.idTag;
  const agree = async () => {
    setBusy(true);
    try {
      location.replace(await agreeToLogin(props.request));
    } catch (error) {
      const scope = error instanceof IsletError && error.code === 'E-DELEGATION-SCOPE';
      const message = error instanceof Error ? error.message : String(error);
      setFailure(scope ? t('login.mayNot') : t('login.failed', { message }));
      setBusy(false);
    }
  };
  const refuse = () => location.replace(formatLoginAnswer(props.request, { error: 'access_denied' }));
  return (
    <>
      <Show
        when={!other()}
        fallback={
          <p role="alert">{t('login.other', { hint: props.request.hint ?? '', idTag: props.idTag })}</p>
        }
      >
        <p>
          <strong class="login-asks">
            {t('login.asks', { site: props.request.site, idTag: props.idTag })}
          </strong>
        </p>
        <p class="quiet-text">{t('login.text')}</p>
      </Show>
      <Show when={failure()}>
        <p role="alert">{failure()}</p>
      </Show>
      <Show when={!other()}>
        <button type="button" class="button primary" disabled={busy()} onClick={() => void agree()}>
          {t('login.agree', { idTag: props.idTag })}
        </button>
      </Show>
      <button type="button" class="button" onClick={refuse}>
        {t('login.refuse')}
      </button>
    </>
  );
}
