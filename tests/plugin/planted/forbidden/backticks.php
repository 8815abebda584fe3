<?php
// The same in short.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function load_average() {
	return `uptime`;
}
