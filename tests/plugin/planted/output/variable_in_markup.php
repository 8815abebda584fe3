<?php
// A variable between two pieces of a page.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function show_shop( $name ) {
	echo '<p>' . $name . '</p>';
}
