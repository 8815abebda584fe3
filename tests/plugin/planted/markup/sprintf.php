<?php
// sprintf into a piece of a page.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function link_to( $address ) {
	return sprintf( '<a href="%s">', $address );
}
