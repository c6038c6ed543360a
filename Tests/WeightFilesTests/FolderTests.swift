// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import WeightFiles

@Suite("Folders and links to them")
struct FolderTests {
    @Test("a link to a folder leads to one, as the folder itself; a file, or nothing, does not")
    func links() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("{}", to: "model/config.json")
        let files = FileManager.default
        for (name, target) in [
            ("linked", "model"), ("twice", "linked"), ("file", "model/config.json"),
            ("astray", "nowhere"),
        ] {
            try files.createSymbolicLink(
                atPath: folder[name].path, withDestinationPath: folder[target].path)
        }
        #expect(folder["model"].leadsToFolder && folder["linked"].leadsToFolder)
        #expect(folder["twice"].leadsToFolder)
        for name in ["file", "astray", "nowhere", "model/config.json"] {
            #expect(!folder[name].leadsToFolder, "\(name)")
        }
    }
}
