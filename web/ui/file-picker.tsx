import type { JSX } from 'solid-js';

/** A button that lets a person choose files of the system; what was chosen goes to `onPick`, the same file again too. */
export function FilePicker(props: {
  label: string;
  onPick: (files: File[]) => void;
  accept?: string;
  multiple?: boolean;
  class?: string;
  testId?: string;
  tabIndex?: number;
  disabled?: boolean;
  children: JSX.Element;
}) {
  let input: HTMLInputElement | undefined;
  return (
    <>
      <FileInput
        ref={(element) => (input = element)}
        accept={props.accept}
        multiple={props.multiple}
        testId={props.testId}
        onPick={(files) => props.onPick(files)}
      />
      <button
        type="button"
        class={props.class ?? 'icon-button'}
        aria-label={props.label}
        title={props.label}
        tabindex={props.tabIndex}
        disabled={props.disabled}
        onClick={() => input?.click()}
      >
        {props.children}
      </button>
    </>
  );
}

/** The hidden part of a picker, for a menu to click on; `folder` picks a whole folder. */
export function FileInput(props: {
  ref: (element: HTMLInputElement) => void;
  onPick: (files: File[]) => void;
  accept?: string | undefined;
  multiple?: boolean | undefined;
  folder?: boolean | undefined;
  testId?: string | undefined;
}) {
  const picked = (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) props.onPick(files);
  };
  return (
    <input
      ref={(element) => {
        element.webkitdirectory = props.folder === true;
        props.ref(element);
      }}
      type="file"
      hidden
      accept={props.accept}
      multiple={props.multiple}
      data-testid={props.testId}
      onChange={(event) => picked(event.currentTarget)}
    />
  );
}
