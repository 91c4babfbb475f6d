export const root: string;
export const relayBuild: string;
export const compileCache: string;
export const relayCommand: readonly string[];
export function buildRelay(): Promise<number>;
