import type { LoginRequest } from '../../shared/identity/login.ts';
import { openKeyStore } from '../client/device/key-store.ts';
import { answerLogin } from '../client/device/login.ts';
import { random } from './documents.ts';

/** The address that takes the person back to the site as this identity. @throws IsletError */
export async function agreeToLogin(request: LoginRequest): Promise<string> {
  const store = await openKeyStore();
  try {
    return await answerLogin(request, { store, now: () => Date.now(), random });
  } finally {
    store.close();
  }
}
