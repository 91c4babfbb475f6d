export const root: string;
export const relayBuild: string;
export const relayEnvironment: Readonly<Record<'NODE_COMPILE_CACHE' | 'MALLOC_ARENA_MAX', string>>;
export const relayCommand: readonly string[];
/** Exit codes of what they ran. */
export function build(): Promise<number>;
export function buildRelay(): Promise<number>;
