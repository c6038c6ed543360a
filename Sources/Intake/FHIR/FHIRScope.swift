// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// The resources that a reference can reach: those of the same bundle or file. Nothing is ever fetched.
struct FHIRScope {
    private var byReference: [String: FHIRElement] = [:]
    private let spent = Spent()

    /// Bytes of text that were taken from referenced resources so far.
    private final class Spent {
        var bytes = 0
    }

    /// Nothing is in reach but what a resource contains.
    init() {}

    /// Counts text that is taken from a referenced resource; throws `flaw` where many records take the same
    /// again and again, as none does in earnest.
    func spend(_ bytes: Int, of limits: IntakeLimits) throws(IntakeError) {
        spent.bytes += bytes
        guard spent.bytes / 4 <= limits.maximumBytes else {
            throw FHIRElement.flaw(
                .tooMuch(of: "bytes in resources that records share", limit: limits.maximumBytes))
        }
    }

    /// Adds a resource with the address that its bundle gives it.
    mutating func add(_ resource: FHIRElement, fullURL: String? = nil) throws(IntakeError) {
        if let fullURL { byReference[fullURL] = resource }
        if let type = resource.resourceType, let id = try resource.text("id") {
            byReference["\(type)/\(id)"] = resource
        }
    }

    /// Adds the resources of a bundle.
    mutating func add(bundle: FHIRElement) throws(IntakeError) {
        for entry in try bundle.list("entry") {
            guard let resource = try entry.element("resource") else { continue }
            try add(FHIRElement(resource.value), fullURL: try entry.text("fullUrl"))
        }
    }

    /// The resource at the address of a `Reference`; nil where it is out of reach.
    func resource(at address: String) -> FHIRElement? {
        if let found = byReference[address] { return found }
        guard !address.hasPrefix("#") else { return nil }
        let parts = address.split(separator: "/").map(String.init)
        let end = parts.firstIndex(of: "_history") ?? parts.count
        guard end >= 2 else { return nil }
        return byReference["\(parts[end - 2])/\(parts[end - 1])"]
    }
}
