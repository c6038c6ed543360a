// SPDX-License-Identifier: Apache-2.0
package import Foundation

extension URL {
    /// Whether it leads to a folder, also by a link: a model may stand in the models directory as one.
    package var leadsToFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(
            atPath: path(percentEncoded: false), isDirectory: &isFolder) && isFolder.boolValue
    }
}
