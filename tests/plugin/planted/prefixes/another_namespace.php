<?php
// Another namespace.

namespace Tracking;

defined( 'ABSPATH' ) || exit;

function begin() {
	return true;
}
