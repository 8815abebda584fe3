<?php
// A parameter as it came.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function asked() {
	return isset( $_GET['doorstep_tab'] ) ? $_GET['doorstep_tab'] : '';
}
