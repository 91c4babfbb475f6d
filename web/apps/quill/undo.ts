import { Module } from 'quill/core.js';
import type * as Y from 'yjs';

/**
 * Takes the place of Quill's history. What is undone is what this editor wrote into the shared text, and it comes back
 * with all its formats, also those that the editor does not know.
 */
export class SharedUndo extends Module {
  #manager: Y.UndoManager | undefined;

  use(manager: Y.UndoManager): void {
    this.#manager = manager;
  }
  undo(): void {
    this.#manager?.undo();
  }
  redo(): void {
    this.#manager?.redo();
  }
  canUndo(): boolean {
    return this.#manager?.canUndo() ?? false;
  }
  canRedo(): boolean {
    return this.#manager?.canRedo() ?? false;
  }
  /** Quill asks for this around what is to be a step of its own. */
  cutoff(): void {
    this.#manager?.stopCapturing();
  }
  clear(): void {
    this.#manager?.clear();
  }
}
