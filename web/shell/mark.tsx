/** The island: a hill, its sun, and the water line. Drawn in the text's colours. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
      <circle cx="15.6" cy="7.2" r="3.2" class="mark-sun" />
      <path d="M2.5 16.5c2.6-4.4 4.9-6.7 7.3-6.7 3.9 0 5.4 4.3 11.7 6.7z" class="mark-hill" />
      <path d="M4 20c1.4-1 2.7-1 4 0s2.7 1 4 0 2.700-1 4 0 2.600 1 4 0" class="mark-water" />
    </svg>
  );
}
