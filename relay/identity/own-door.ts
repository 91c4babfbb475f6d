/** Where a host of this relay itself is reached. */
export interface OwnDoor {
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
}
export type FindOwnDoor = (host: string) => OwnDoor | undefined;
