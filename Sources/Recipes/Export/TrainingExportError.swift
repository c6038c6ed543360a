// SPDX-License-Identifier: Apache-2.0

/// Why a run cannot be exported for other machines.
package enum TrainingExportError: Error, Hashable, Sendable {
    /// Something is at the place of the export already.
    case alreadyThere(String)
    /// The file system has no room for the export, in bytes.
    case noSpace(directory: String, needed: Int, free: Int)
    /// The script cannot train a network of this architecture.
    case architecture(String)
    /// Rows are longer than the window that some layers see, and documents in them are kept apart or
    /// read from both sides.
    case window(tokens: Int, phase: String, context: Int)
}
