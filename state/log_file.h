#pragma once
// LogFile: writes a commit's frames into the write-ahead log in one go. SQLite hands over each frame in two pieces of a
// page's size at most; a layer between it and the system keeps them until the commit's last one is there, so that a
// turn's commit is one system call instead of some twenty.
//
// Nobody reads what is kept: frames become visible to other connections after the commit's last frame was taken by
// xWrite, which passes all of them on and tells what became of that. What a frame is, and which one is a commit's last,
// is told by the file format (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).

#include <string>

namespace omenia::state {

// The name to open databases by. Files are those of SQLite's default layer at the time of their opening.
const char* log_layer();

}  // namespace omenia::state
