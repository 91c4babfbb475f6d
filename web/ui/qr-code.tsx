import './pairing.css';
import encodeQR from 'qr';
import { createMemo } from 'solid-js';

/** Light modules around the code, as ISO/IEC 18004 wants them. */
const border = 4;

/** A QR code: dark on white in every theme, since cameras want it so. */
export function QrCode(props: { text: string; label: string }) {
  const rows = createMemo(() => encodeQR(props.text, 'raw', { ecc: 'medium', border }));
  const path = () =>
    rows()
      .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
      .join('');
  return (
    <svg
      class="qr-code"
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${rows().length} ${rows().length}`}
      shape-rendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path()} fill="#000" />
    </svg>
  );
}
