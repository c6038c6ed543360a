import Configuration
import DocumentPipeline

/// Builds what takes documents from their files to the database.
///
/// Throws ``DaemonFailure`` with code 69: this build holds no processor yet.
func makeProcessor(_ settings: ServiceConfiguration) throws -> any DocumentProcessor {
    throw DaemonFailure(
        DaemonFailure.unavailable, "this build of shokend holds no document processor")
}
