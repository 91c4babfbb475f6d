export const root: string;
export const relayBuild: string;
export const compileCache: string;
export const relayCommand: readonly string[];
/** Exit codes of what they ran. */
export function build(): Promise<number>;
export function buildRelay(): Promise<number>;
